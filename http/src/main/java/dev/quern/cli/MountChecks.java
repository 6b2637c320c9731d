package dev.quern.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Looks at the file system that a database is on.
final class MountChecks {
  private static final String NAME = "file system";

  /// File systems of other machines, and of other kernels.
  private static final Set<String> REMOTE =
      Set.of(
          "nfs",
          "nfs4",
          "cifs",
          "smb",
          "smb2",
          "smb3",
          "smbfs",
          "9p",
          "afs",
          "afpfs",
          "ceph",
          "glusterfs",
          "lustre",
          "gpfs",
          "beegfs",
          "ncpfs",
          "webdav",
          "davfs",
          "drvfs",
          "vboxsf",
          "vmhgfs",
          "prl_fs",
          "virtiofs");

  private static final Set<String> VOLATILE = Set.of("tmpfs", "ramfs");

  private MountChecks() {}

  /// All that is to be said of it.
  ///
  /// @param type as Java calls it
  /// @param mount as Linux tells, where it does
  static List<Check> all(String type, Optional<Mount> mount) {
    List<Check> checks = new ArrayList<>();
    checks.add(fileSystem(mount.map(Mount::type).orElse(type)));
    mount.flatMap(MountChecks::barrier).ifPresent(checks::add);
    return checks;
  }

  static Check fileSystem(String type) {
    if (REMOTE.contains(type) || type.startsWith("fuse.")) {
      return Check.warn(
          NAME,
          type
              + " may be a network file system, where locks fail and databases break: use a local"
              + " disk");
    }
    if (type.equals("overlay")) {
      return Check.warn(
          NAME, "overlay is the inside of a container, and goes away with it: use a volume");
    }
    return VOLATILE.contains(type)
        ? Check.warn(NAME, type + " is memory: a reboot loses the database; use a disk")
        : Check.ok(NAME, type);
  }

  /// Whether it is told not to flush the disk.
  static Optional<Check> barrier(Mount mount) {
    List<String> unsafe = mount.unsafe();
    return unsafe.isEmpty()
        ? Optional.empty()
        : Optional.of(
            Check.warn(
                NAME,
                "%s is mounted with %s, so the disk is not flushed and a power cut loses jobs: mount"
                        .formatted(mount.point(), String.join(" and ", unsafe))
                    + " it without, unless the disk keeps its cache without power"));
  }
}
