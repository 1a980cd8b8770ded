import FunctionModel
import Testing

@testable import FunctionCatalog

@Suite("Temporary space in a manifest")
struct TemporarySpaceTests {
    private func parse(_ text: String) -> (manifest: Manifest, errors: [CatalogProblem]) {
        let parsed = ManifestEditor.parse(text)
        return (parsed.manifest, parsed.problems)
    }

    @Test("A size alone is a size, and nothing runs there")
    func size() {
        let (manifest, errors) = parse("tmp: 48Mi\n")
        #expect(errors.isEmpty)
        #expect(manifest.limits.temporaryBytes == 48 << 20)
        #expect(!manifest.limits.runsTemporaryPrograms)
    }

    @Test(
        "With more to say it is a mapping",
        arguments: [
            ("tmp: {size: 48Mi, exec: true}", 48, true), ("tmp: {size: 48Mi}", 48, false),
            ("tmp: {exec: true}", 64, true), ("tmp: {exec: false}", 64, false), ("tmp: {}", 64, false),
        ])
    func mapping(_ text: String, _ mebibytes: Int, _ runs: Bool) {
        let (manifest, errors) = parse(text + "\n")
        #expect(errors.isEmpty, "\(errors)")
        #expect(manifest.limits.temporaryBytes == mebibytes << 20)
        #expect(manifest.limits.runsTemporaryPrograms == runs)
    }

    @Test(
        "What is wrong in it is told",
        arguments: ["tmp: {size: big}", "tmp: {exec: 3}", "tmp: {exe: true}", "tmp: [1]", "tmp: {size: 200Mi}"])
    func wrong(_ text: String) { #expect(parse(text + "\n").errors.count == 1) }

    @Test("A worker for such a function is not a spare of another")
    func limits() {
        #expect(parse("tmp: {exec: true}\n").manifest.limits != parse("tmp: 64Mi\n").manifest.limits)
    }
}
