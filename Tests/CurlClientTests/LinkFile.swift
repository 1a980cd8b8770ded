import Glibc

/// A second name for a file; for a socket it stays when the first is removed.
func linkFile(_ path: String, _ other: String) -> Bool { link(path, other) == 0 }
