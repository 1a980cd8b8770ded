import AdminModel

/// The disk of the state directory: how quick, how full, and whether it is one.
package enum DiskCheck {
    static let sync = Subject(
        "disk.sync", "Disk, sync", good: "p99 of fdatasync 10 ms or less",
        why: "Every 202 waits for one. A disk that needs 50 ms takes 20 of them a second from one client.")
    static let read = Subject(
        "disk.read", "Disk, read", good: "p99 of a random 4 KiB read 5 ms or less",
        why: "Cold starts read programs from it. A shared disk with busy neighbours shows here first.")
    static let kind = Subject(
        "disk.kind", "Disk, kind", good: "a file system on a disk of this machine",
        why: "The state directory holds accepted events: in memory they are gone at a restart.")
    static let space = Subject(
        "disk.space", "Disk, room", good: "a fifth free, bytes and inodes",
        why: "Below a tenth, at most 1 GB, new events are refused. A full disk also ends deployments and logs.")

    // MARK: Speed

    package static func findings(_ measurement: DiskMeasurement) -> [Finding] {
        if let problem = measurement.problem {
            return [sync.warn("not measured: \(problem)", fix: "Run it as root or as Glo's user.")]
        }
        return [syncFinding(measurement.sync), readFinding(measurement.read)]
    }

    private static func syncFinding(_ summary: LatencySummary?) -> Finding {
        guard let summary else { return sync.warn("not measured: fdatasync failed", fix: "See `dmesg`.") }
        let fix = "Move the state directory to an SSD or NVMe of this machine, or ask the provider for one."
        return finding(sync, summary, good: 10_000, bearable: 50_000, fix: fix)
    }

    private static func readFinding(_ summary: LatencySummary?) -> Finding {
        guard let summary else { return read.ok("not measured: this file system cannot read past its cache") }
        let fix = "Ask the provider about neighbours on the disk, or move to a local SSD."
        return finding(read, summary, good: 5000, bearable: 20_000, fix: fix)
    }

    /// - Parameters:
    ///   - good: the most microseconds of the p99 that are well.
    ///   - bearable: the most of it that are not bad yet.
    private static func finding(
        _ subject: Subject, _ summary: LatencySummary, good: Int, bearable: Int, fix: String
    ) -> Finding {
        if summary.p99Microseconds <= good { return subject.ok(summary.text) }
        return summary.p99Microseconds <= bearable
            ? subject.warn(summary.text, fix: fix) : subject.bad(summary.text, fix: fix)
    }

    // MARK: Room

    package static func space(_ source: HostSource, _ directory: String) -> Finding {
        guard let room = source.space(directory), room.totalBytes > 0 else {
            return space.warn("the room of \(directory) cannot be told", fix: "Make the directory, or run it as root.")
        }
        let bytes = room.freeBytes * 100 / room.totalBytes
        let inodes = room.totalInodes > 0 ? room.freeInodes * 100 / room.totalInodes : 100
        let saw = "\(ByteCount.text(room.freeBytes)) free (\(bytes) %), \(inodes) % of the inodes"
        let fix = "Remove what is not needed (docker system df, journalctl --vacuum-size=200M), or take a larger disk."
        let refusal = min(room.totalBytes / 10, 1_000_000_000)
        if room.freeBytes < refusal || inodes < 5 { return space.bad(saw, fix: fix) }
        return bytes < 20 && room.freeBytes < 10 * refusal || inodes < 20 ? space.warn(saw, fix: fix) : space.ok(saw)
    }

    // MARK: Kind

    package static func kind(_ source: HostSource, _ directory: String) -> Finding {
        guard let type = fileSystem(of: directory, source.text("/proc/self/mountinfo") ?? "") else {
            return kind.ok("of an unknown kind")
        }
        let fix = "Put the state directory on a disk of this machine: --state DIR."
        switch type {
        case "tmpfs", "ramfs": return kind.bad("\(type): memory", fix: fix)
        case "nfs", "nfs4", "cifs", "smb3", "fuse.sshfs", "9p":
            return kind.bad("\(type): somebody else's disk", fix: fix)
        default: return kind.ok(type)
        }
    }

    /// The type of the file system that is mounted nearest above a path, by the text of /proc/self/mountinfo (proc(5)).
    static func fileSystem(of path: String, _ mountInfo: String) -> String? {
        var best: (length: Int, type: String)?
        for line in mountInfo.split(separator: "\n") {
            let words = line.split(separator: " ")
            guard words.count > 6, let dash = words.firstIndex(of: "-"), words.count > dash + 1 else { continue }
            let place = words[4]
            let isAbove = place == "/" || path == place || path.hasPrefix("\(place)/")
            // Of several at one place the last one counts: it lies on top.
            if isAbove, place.utf8.count >= best?.length ?? 0 { best = (place.utf8.count, String(words[dash + 1])) }
        }
        return best?.type
    }
}
