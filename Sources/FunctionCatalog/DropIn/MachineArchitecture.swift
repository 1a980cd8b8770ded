/// The processor that handlers are built for, by its number in ELF headers.
package enum MachineArchitecture: UInt16, Hashable, Sendable, CaseIterable {
    case x86_64 = 62
    case aarch64 = 183
    case riscv64 = 243

    /// The processor that this program was built for.
    package static var host: MachineArchitecture {
        #if arch(arm64)
            .aarch64
        #elseif arch(riscv64)
            .riscv64
        #else
            .x86_64
        #endif
    }

    /// The name that `uname -m` gives.
    package var name: String {
        switch self {
        case .x86_64: "x86_64"
        case .aarch64: "aarch64"
        case .riscv64: "riscv64"
        }
    }
}
