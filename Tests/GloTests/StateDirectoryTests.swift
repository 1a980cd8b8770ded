import Testing

@testable import glo

@Suite("The state directory")
struct StateDirectoryTests {
    @Test(
        "The flag comes before the environment, and that before the default",
        arguments: [
            ("a", "b", true, "a"), (nil, "b", true, "b"), (nil, nil, true, "/var/lib/glo"), (nil, nil, false, ".glo"),
            ("", "", false, ".glo"), ("/x/y/", nil, false, "/x/y"), ("/", nil, false, "/"),
        ] as [(String?, String?, Bool, String)])
    func rule(flag: String?, environment: String?, isRoot: Bool, path: String) {
        let state = StateDirectory(flag: flag, environment: environment, isRoot: isRoot)
        #expect(state.path == path)
        #expect(state.adminSocketPath == path + "/admin.sock")
    }
}
