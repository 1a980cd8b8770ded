package import RedisClient

/// The function library that lives in Redis, carried by the binary.
package enum EventLibrary {
    /// `VERSION` of `glo.lua`: its thousands are the major part, which changes when an older Glo could not go on with
    /// it. A newer library of the same major part is kept, so that servers can be updated one after the other.
    package static let version = 6

    /// The text of `glo.lua`.
    package static var source: String { String(decoding: PackageResources.glo_lua, as: UTF8.self) }

    /// A connection's setup that makes sure that the library is there. `next` comes after it.
    package static func load(then next: RedisSetupStep = .ready) -> RedisSetupStep {
        .run([RedisCommand("FCALL", "glo_version", "0")]) { replies in
            guard let known = replies.first?.number else { return replace(next) }
            if known < version { return replace(next) }
            guard known / 1000 == version / 1000 else {
                return .refuse(
                    RedisError(
                        .refused, "Redis holds version \(known) of Glo's library, which is too new for this Glo.",
                        hint: "Update Glo, or use another Redis or another one of its databases' servers."))
            }
            return next
        }
    }

    private static func replace(_ next: RedisSetupStep) -> RedisSetupStep {
        .run([RedisCommand("FUNCTION", "LOAD", "REPLACE", source)]) { replies in
            guard let error = replies.first?.serverError else { return next }
            return .refuse(
                RedisError(
                    .refused, "Redis does not take Glo's function library: \(error)",
                    hint: "It needs Redis 7.0 or later and a user that may call FUNCTION LOAD."))
        }
    }
}
