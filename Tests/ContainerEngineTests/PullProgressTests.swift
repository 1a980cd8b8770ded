import Testing

@testable import ContainerEngine

@Suite struct PullProgressTests {
    private func line(_ json: String) throws -> EngineMessages.PullLine {
        try EngineJSON.decode(EngineMessages.PullLine.self, from: Array(json.utf8))
    }

    @Test("Layers and bytes are summed up, and little is said")
    func sentences() throws {
        var progress = PullProgress(image: "debian")
        let lines = [
            #"{"status":"Pulling from library/debian","id":"12"}"#,
            #"{"status":"Pulling fs layer","progressDetail":{},"id":"a"}"#,
            #"{"status":"Downloading","progressDetail":{"current":1048576,"total":31457280},"id":"a"}"#,
            #"{"status":"Downloading","progressDetail":{"current":20971520,"total":31457280},"progress":"[=>]","id":"a"}"#,
            #"{"status":"Download complete","progressDetail":{},"id":"a"}"#,
            #"{"status":"Pull complete","progressDetail":{},"id":"a"}"#,
            #"{"status":"Digest: sha256:1"}"#,
        ]
        var said: [String] = []
        for text in lines {
            if let sentence = progress.line(try line(text)) { said.append(sentence) }
        }
        #expect(
            said == [
                "pulling debian: 0 of 1 layers, 0 of 0 MiB", "pulling debian: 0 of 1 layers, 20 of 30 MiB",
                "pulling debian: 0 of 1 layers, 30 of 30 MiB", "pulling debian: 1 of 1 layers, 30 of 30 MiB",
            ])
    }

    @Test("An error in the stream is kept")
    func error() throws {
        var progress = PullProgress(image: "x")
        #expect(progress.line(try line(#"{"errorDetail":{"message":"no"},"error":"no"}"#)) == nil)
        #expect(progress.error == "no")
    }
}
