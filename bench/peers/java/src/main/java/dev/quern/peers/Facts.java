package dev.quern.peers;

/// What the report says of a system.
///
/// @param system its name
/// @param version its version
/// @param store what it keeps its jobs in
/// @param durability what may be lost of what it answered
/// @param settings how it was set up
record Facts(String system, String version, String store, String durability, String settings) {}
