package dev.quern.peers;

import java.util.List;

/// What one process measured: the content of its file, which `node/harness.mjs` writes too.
record Measured(Facts facts, List<Row> rows) {}
