/// AppArmor's programs, without which the engine starts nothing where AppArmor is on.
package enum AppArmorCheck {
    static let subject = Subject(
        "apparmor", "AppArmor", good: "off, or with apparmor_parser, which the engine loads its profile with",
        why: "Where the kernel has AppArmor on and its programs are missing, the engine fails at every container.")

    private static let places = ["/usr/sbin", "/sbin", "/usr/bin", "/bin", "/usr/local/sbin"]

    package static func finding(_ source: HostSource) -> Finding {
        guard source.text("/sys/module/apparmor/parameters/enabled")?.hasPrefix("Y") == true else {
            return subject.ok("off")
        }
        guard places.contains(where: { source.exists("\($0)/apparmor_parser") }) else {
            return subject.bad(
                "on, and there is no apparmor_parser", fix: "Install the package: apt-get install apparmor")
        }
        return subject.ok("on, with apparmor_parser")
    }
}
