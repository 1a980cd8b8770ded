import Glibc

/// What the host has.
enum HostMemory {
    /// Bytes of memory of the machine.
    static var totalBytes: Int { sysconf(Int32(_SC_PHYS_PAGES)) * sysconf(Int32(_SC_PAGESIZE)) }
}
