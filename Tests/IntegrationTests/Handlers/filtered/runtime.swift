// The same for Swift, with Foundation.
import Foundation

func sum() async -> Int {
    await withTaskGroup(of: Int.self) { group in
        for number in 0..<100 { group.addTask { number } }
        return await group.reduce(0, +)
    }
}

let child = Process()
child.executableURL = URL(filePath: "/bin/echo")
child.arguments = ["child"]
let pipe = Pipe()
child.standardOutput = pipe
try child.run()
let said = try pipe.fileHandleForReading.readToEnd() ?? Data()
child.waitUntilExit()
precondition(said == Data("child\n".utf8))
let numbers = await sum()
precondition(numbers == 4950)
precondition(!Host(name: "localhost").addresses.isEmpty)
try Data("x".utf8).write(to: URL(filePath: "/tmp/x"), options: .atomic)
print("ok")
