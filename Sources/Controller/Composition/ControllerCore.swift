import ContainerEngine
import FunctionCatalog
import FunctionModel
import Logging
import Observability

/// The parts that the control plane works with.
struct ControllerCore: Sendable {
    let configuration: ControllerConfiguration
    let logger: Logger
    let layout: StateLayout
    /// Identity of this run.
    let boot: String
    let startedAtMilliseconds: Int64
    let engine: any ContainerEngine
    let engineDescription: EngineDescription
    let log: FunctionLogStore
    /// Nil when no traces are recorded.
    let exporter: TraceExporter?
    let plane: DataPlane
    let supervisor: WorkerSupervisor
    let factory: SandboxFactory
    let catalog: FunctionCatalog
    let deployments: Deployments
    let audit: AuditTrail
    let damage: StateDamage
    let marker: StateMarker
    let examination: StateExamination
    /// What becomes of versions, for one reader.
    let functionEvents: AsyncStream<FunctionEvent>
}
