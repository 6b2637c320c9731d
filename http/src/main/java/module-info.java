/// The command line of Quern and its HTTP server. Users see the package `dev.quern.http` alone.
module dev.quern.http {
  requires transitive dev.quern;
  requires java.net.http;
  requires jdk.httpserver;

  exports dev.quern.http;
}
