/// The paths of published versions and aliases.
extension AdminPath {
    /// GET: a list of ``AliasInfo``. POST takes an ``AliasRequest`` and answers with the ``AliasInfo``.
    package static func aliases(_ name: String) -> String { "\(functions)/\(name)/aliases" }
    /// DELETE; the answer is the list of those that are left.
    package static func alias(_ name: String, _ alias: String) -> String { "\(aliases(name))/\(alias)" }
    /// POST, with a ``PublishRequest`` or nothing; the answer is a ``PublishedVersion``.
    package static func publishVersion(_ name: String) -> String { "\(functions)/\(name)/publish" }
    /// GET: a list of ``PublishedVersion``.
    package static func published(_ name: String) -> String { "\(functions)/\(name)/published" }
    /// DELETE; the answer is the list of those that are left.
    package static func published(_ name: String, _ number: Int) -> String { "\(published(name))/\(number)" }
}
