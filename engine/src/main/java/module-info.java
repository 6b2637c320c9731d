/// A durable job queue on SQLite. Users see the package `dev.quern` alone.
@SuppressWarnings("module") // dev.quern.http is compiled later
module dev.quern {
  requires transitive java.sql;
  requires jdk.jfr;
  requires org.xerial.sqlitejdbc;

  exports dev.quern;
  exports dev.quern.json to
      dev.quern.http;
}
