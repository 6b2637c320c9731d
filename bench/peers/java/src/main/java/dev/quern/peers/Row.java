package dev.quern.peers;

import java.util.List;

/// All measurements of one workload in one process.
record Row(String workload, String unit, List<Run> runs) {}
