/// What makes a function run.
package enum Trigger: Hashable, Sendable {
    case http(HTTPTrigger)
    case topic(TopicTrigger)
    case schedule(ScheduleTrigger)
}
