package dev.quern.model;

/// An open engine of the model: the numbers under which its handlers and its claims by hand run
/// jobs, 0 for none, and what its claims remember.
final class ModelLife {
  final ModelClaims claims;
  long owner;
  long guest;

  ModelLife(ModelStore store) {
    claims = new ModelClaims(store);
  }

  boolean owns(ModelJob job) {
    return job.owner == owner || job.owner == guest;
  }
}
