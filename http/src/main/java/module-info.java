/// The command line of Quern, and the place of its HTTP server.
module dev.quern.http {
  requires dev.quern;
}
