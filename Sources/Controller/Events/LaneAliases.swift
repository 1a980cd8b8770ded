import FunctionModel
import HTTPCodec

/// Which of a function's triggers name aliases.
struct LaneAliases {
    private var topics: [String: String] = [:]
    private var schedules: [String: String] = [:]
    private var routes: [HTTPTrigger] = []

    init() {}

    init(_ version: FunctionVersion) {
        for topic in version.topics { if let alias = topic.alias { topics[topic.name] = alias } }
        for (name, schedule) in version.namedSchedules { if let alias = schedule.alias { schedules[name] = alias } }
        for case .http(let http) in version.manifest.triggers ?? [] where http.topic == nil { routes.append(http) }
        if !routes.contains(where: { $0.alias != nil }) { routes = [] }
    }

    var isEmpty: Bool { topics.isEmpty && schedules.isEmpty && routes.isEmpty }
    var hasRoutes: Bool { !routes.isEmpty }

    /// The alias of the trigger that made an event; what was stored for the function by name alone has none.
    func alias(topic: String?, schedule: String?, request: HTTPEvent?) -> String? {
        if let schedule { return schedules[schedule] }
        if let topic { return topics[topic] }
        guard let request else { return nil }
        let method = request.head.method.name
        return routes.first { route in
            guard route.path == request.routePattern, let methods = route.methods else {
                return route.path == request.routePattern
            }
            return methods.contains(method) || method == "HEAD" && methods.contains("GET")
        }?.alias
    }
}

extension FunctionVersion {
    /// Its schedules with the names under which the store knows them.
    var namedSchedules: [(name: String, trigger: ScheduleTrigger)] {
        let all = schedules
        return all.enumerated().map { index, trigger in
            (all.count == 1 ? name.rawValue : "\(name).\(index + 1)", trigger)
        }
    }
}
