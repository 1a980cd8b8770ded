/// A frame from the controller.
struct ControlFrame {
    let type: Int32
    let worker: UInt32
    let payload: [UInt8]
}
