/// `POST /networks/create` (Engine API 1.41). Members are written with a capital first letter.
struct CreateNetworkRequest: Encodable {
    var name: String
    var checkDuplicate = true
    var driver = "bridge"
    var `internal` = false
    var options: [String: String]

    init(name: String, options: [String: String]) {
        self.name = name
        self.options = options
    }
}
