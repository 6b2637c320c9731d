package dev.quern.core;

import java.util.Collection;
import java.util.List;
import java.util.Objects;

/// One distinct (tenant, kind, required capabilities): claims take from lanes, so that what cannot
/// be claimed now is never looked at.
record Lane(long id, String tenant, String kind, List<String> requires) {

  /// A row that lacks one is no lane.
  Lane {
    Objects.requireNonNull(tenant, "tenant");
    Objects.requireNonNull(kind, "kind");
  }

  /// What names a lane before it has an id.
  record Key(String tenant, String kind, String requires) {
    static Key of(String tenant, String kind, List<String> requires) {
      return new Key(tenant, kind, String.join(",", requires));
    }
  }

  Key key() {
    return new Key(tenant, kind, String.join(",", requires));
  }

  /// Whether a worker with these kinds and capabilities can take its jobs.
  boolean servedBy(Collection<String> kinds, Collection<String> capabilities) {
    return kinds.contains(kind) && capabilities.containsAll(requires);
  }

  static List<String> split(String requires) {
    return requires.isEmpty() ? List.of() : List.of(requires.split(","));
  }

  /// A lane is its row.
  @Override
  public boolean equals(Object other) {
    return other instanceof Lane lane && lane.id == id;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(id);
  }
}
