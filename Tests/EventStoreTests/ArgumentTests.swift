import EventStore
import RedisClient
import Testing

@Suite("Bad arguments")
struct ArgumentTests {
    static let id = "01234567-89ab-4def-8123-456789abcdef"
    static let long = String(repeating: "x", count: 3_000)

    static let bad: [[String]] = [
        ["glo_enqueue"], ["glo_enqueue", id], ["glo_enqueue", id, "f"],
        ["glo_enqueue", "x", "f", ""], ["glo_enqueue", id.uppercased(), "f", ""], ["glo_enqueue", id + "0", "f", ""],
        ["glo_enqueue", "0123456789-b-4def-8123-456789abcdef1", "f", ""],
        ["glo_enqueue", id, "-f", ""], ["glo_enqueue", id, "", ""], ["glo_enqueue", id, "a:b", ""],
        ["glo_enqueue", id, "@deliver", ""], ["glo_enqueue", id, "f\n", ""],
        ["glo_enqueue", id, "f", String(repeating: "x", count: 1_048_577)],
        ["glo_enqueue", id, "f", "", "key"], ["glo_enqueue", id, "f", "", "nonsense", "1"],
        ["glo_enqueue", id, "f", "", "topic", "x"], ["glo_enqueue", id, "f", "", "replay", "x"],
        ["glo_enqueue", id, "f", "", "schedule", "x"],
        ["glo_enqueue", id, "f", "", "priority", "10"], ["glo_enqueue", id, "f", "", "priority", "-1"],
        ["glo_enqueue", id, "f", "", "priority", "nan"], ["glo_enqueue", id, "f", "", "priority", "1.5"],
        ["glo_enqueue", id, "f", "", "delay", "nan"], ["glo_enqueue", id, "f", "", "delay", "inf"],
        ["glo_enqueue", id, "f", "", "delay", "0x10"], ["glo_enqueue", id, "f", "", "delay", "1e3"],
        ["glo_enqueue", id, "f", "", "delay", "31622400001"], ["glo_enqueue", id, "f", "", "delay", "-1"],
        ["glo_enqueue", id, "f", "", "at", "9007199254740992"], ["glo_enqueue", id, "f", "", "at", "9999999999999"],
        ["glo_enqueue", id, "f", "", "maxAge", "0"], ["glo_enqueue", id, "f", "", "maxAge", "x"],
        ["glo_enqueue", id, "f", "", "attempts", "0"], ["glo_enqueue", id, "f", "", "attempts", "many"],
        ["glo_enqueue", id, "f", "", "hops", "17"], ["glo_enqueue", id, "f", "", "hops", "-5"],
        ["glo_enqueue", id, "f", "", "window", "0"], ["glo_enqueue", id, "f", "", "window", "86400001"],
        ["glo_enqueue", id, "f", "", "hash", "a|b"], ["glo_enqueue", id, "f", "", "ref", "../../../etc/passwd"],
        ["glo_enqueue", id, "f", "", "ref", "0123456789ABCDEF0123456789ABCDEF"],
        ["glo_enqueue", id, "f", "", "callback", "file:///etc/passwd"],
        ["glo_enqueue", id, "f", "", "callback", "https://a b"],
        ["glo_enqueue", id, "f", "", "callback", "https://a\"b"],
        ["glo_enqueue", id, "f", "", "callback", "https://" + long], ["glo_enqueue", id, "f", "", "key", long],
        ["glo_enqueue", id, "f", "", "key", "a\nb"], ["glo_enqueue", id, "f", "", "group", long],
        ["glo_enqueue", id, "f", "", "event", long], ["glo_enqueue", id, "f", "", "source", long],
        ["glo_enqueue", id, "f", "", "type", "text/plain\r\nx: y"],
        ["glo_publish"], ["glo_publish", "t"], ["glo_publish", "", ""], ["glo_publish", "a b", ""],
        ["glo_publish", "t", "", "event"], ["glo_publish", "t", "", "at", "99999999999999"],
        ["glo_claim", "me"], ["glo_claim", "", "1000"], ["glo_claim", "me", "0"], ["glo_claim", "me", "x"],
        ["glo_claim", "me", "1000", "f"], ["glo_claim", "me", "1000", "f", "x"],
        ["glo_claim", "me", "1000", "f", "1001"], ["glo_claim", "me", "1000", "-f", "1"],
        ["glo_claim", "me", "1000", "f", "1", "g"],
        ["glo_extend", "me", "x"], ["glo_extend", "me", "1000", id],
        ["glo_complete", id, "1", "1", "", ""], ["glo_complete", id, "1", "a\"b", "", "", ""],
        ["glo_complete", id, "1", "1", "", "", "x"],
        ["glo_fail", id, "1", "1", "", "", "0", "0"], ["glo_fail", id, "1", "1", "", "", "nan", "0", "0"],
        ["glo_fail", id, "1", "1", "", "", "x", "0", "0"], ["glo_fail", id, "1", "1", "", "", "2", "0", "0"],
        ["glo_fail", id, "1", "1", "", "", "0", "-1", "0"], ["glo_fail", id, "1", "a b", "", "", "0", "0", "0"],
        ["glo_release", id, "1"], ["glo_release", id, "1", "x"],
        ["glo_tick", "x", "1000"], ["glo_tick", "10", "0"], ["glo_tick", "10"], ["glo_tick", "10001", "10"],
        ["glo_adopt", "", "me"], ["glo_adopt", "me", ""], ["glo_adopt", "me"],
        ["glo_cancel"], ["glo_get"],
        ["glo_list", "f", ""], ["glo_list", "f", "nonsense", "1"], ["glo_list", "f", "", "x"],
        ["glo_list", "f", "", "1001"], ["glo_list", "f", "", "1", "-1"], ["glo_list", "-f", "", "1"],
        ["glo_redrive", "f", "1"], ["glo_redrive", "f", "x", "0"], ["glo_redrive", "f", "1", "x"],
        ["glo_redrive", "f", "1", "0", id], ["glo_redrive", "f:g", "1", "0"],
        ["glo_purge", "f", "1"], ["glo_purge", "f", "1", "x"], ["glo_purge", "f", "1", "0", id],
        ["glo_erase", "key"], ["glo_erase", "x", "y"], ["glo_replay", id, "x"], ["glo_replay", id],
        ["glo_stats", "-f"], ["glo_withdraw", "-f"], ["glo_withdraw", "@deliver"],
        ["glo_configure", "f"], ["glo_configure", "-f", "0"], ["glo_configure", "f", "x"],
        ["glo_configure", "f", "2", "a"], ["glo_configure", "f", "1", "a b"], ["glo_configure", "f", "0", "attempts"],
        ["glo_configure", "f", "0", "attempts", "x"], ["glo_configure", "f", "0", "nonsense", "1"],
        ["glo_configure", "f", "0", "rateCount", "1"], ["glo_configure", "f", "0", "ratePer", "1"],
        ["glo_configure", "f", "0", "onSuccess", "nonsense"], ["glo_configure", "f", "0", "onFailure", "function:-f"],
        ["glo_configure", "f", "0", "onFailure", "url:ftp://x"], ["glo_configure", "@deliver", "0"],
        ["glo_cron", "n", "1", "f", "{}", "skip"], ["glo_cron", "", "1", "f", "{}", "skip", "s"],
        ["glo_cron", "n", "x", "f", "{}", "skip", "s"], ["glo_cron", "n", "1", "-f", "{}", "skip", "s"],
        ["glo_cron", "n", "1", "f", "{}", "never", "s"], ["glo_cron", "n", "1", "f", "{}", "skip", "s", "x"],
        ["glo_cron_state", "n"], ["glo_cron_state", "", "s"], ["glo_blobs", "x"], ["glo_blobs"], ["glo_blobs", "1001"],
    ]

    @Test("Nothing of a call with bad arguments is carried out")
    func refused() async throws {
        try await withStore { store in
            for words in Self.bad {
                var command = RedisCommand("FCALL", words[0], "1", store.key)
                for word in words.dropFirst() { command.append(word) }
                let answer = try await store.send(command)
                #expect(answer.serverError?.code == "BADARG", "\(words.map { $0.prefix(40) }): \(answer)")
            }
            #expect(try await store.number("DBSIZE") == 0)
        }
    }

    @Test(
        "Bytes that are no UTF-8 are no text",
        arguments: [
            [0xC3, 0x28], [0x80], [0xE2, 0x82], [0xED, 0xA0, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xC0, 0x80],
            [0xF0, 0x80, 0x80, 0x80],
        ] as [[UInt8]])
    func notUTF8(bytes: [UInt8]) async throws {
        try await withStore { store in
            for option in ["key", "event", "group", "source", "type"] {
                var command = RedisCommand("FCALL", "glo_enqueue", "1", store.key, Self.id, "f", "", option)
                command.append([0x61] + bytes)
                #expect(try await store.send(command).serverError?.code == "BADARG")
            }
            let good = try await store.enqueue { $0.key = "blåbærsyltetøy 🫐 €" }
            guard case .accepted = good else {
                Issue.record("\(good)")
                return
            }
        }
    }

    @Test(
        "A namespace is exactly one key of the right form",
        arguments: [
            ["0"], ["2", "glo:{a}", "glo:{b}"], ["1", "glo:a"], ["1", "other"], ["1", "glo:{A}"], ["1", "glo:{}"],
            ["1", "glo:{" + String(repeating: "a", count: 41) + "}"],
        ])
    func namespaces(words: [String]) async throws {
        try await withStore(checks: false) { store in
            var command = RedisCommand("FCALL", "glo_enqueue")
            for word in words + [Self.id, "f", "{}"] { command.append(word) }
            let answer = try await store.send(command)
            #expect(answer.serverError?.code == "BADARG")
            #expect(try await store.number("DBSIZE") == 0)
        }
    }

    @Test("A refusal is an error with words")
    func typed() async throws {
        try await withStore { store in
            let error = await store.refusal { try await store.enqueue { $0.priority = 11 } }
            #expect(error?.code == .badArgument)
            #expect(error?.message == "The event is not acceptable: priority has a value that it cannot have.")
            #expect(error?.mayHaveHappened == false)
        }
    }
}
