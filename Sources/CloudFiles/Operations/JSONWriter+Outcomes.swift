package import CloudModel
package import ControlPlane

extension JSONWriter {
    /// Writes the answer to a call as FORMATS section 2 has it: the root, or an array's next
    /// element.
    ///
    /// `changed` are the interfaces that a success altered; a refusal altered none.
    package mutating func write(_ outcome: OperationOutcome, changed: [NetworkInterfaceID]) {
        beginObject()
        writeMembers(of: outcome, changed: changed)
        endObject()
    }

    /// Writes the members of that answer into the object that is open.
    package mutating func writeMembers(
        of outcome: OperationOutcome, changed: [NetworkInterfaceID]
    ) {
        switch outcome {
        case .success(let success):
            write("ok", true)
            write("requestId", success.requestID)
            beginArray("changed")
            for interface in changed { write(interface.text) }
            endArray()
            beginArray("warnings")
            for warning in success.warnings { write(warning) }
            endArray()
            writeMembers(success.returned)
        case .refused(let refusal):
            beginObject("error")
            write("code", refusal.code)
            write("httpStatus", refusal.httpStatus)
            write("message", refusal.message)
            endObject()
        }
    }

    /// Writes members into the object that is open, in the order of their keys.
    private mutating func writeMembers(_ members: [String: ParameterValue]) {
        for (key, value) in members.sorted(by: { $0.key < $1.key }) {
            write(anyKey: key)
            write(value)
        }
    }

    mutating func write(_ value: ParameterValue) {
        switch value {
        case .string(let text): write(text)
        case .number(let digits): write(literal: digits)
        case .bool(let value): write(literal: value ? "true" : "false")
        case .array(let elements):
            beginArray()
            for element in elements { write(element) }
            endArray()
        case .object(let members):
            beginObject()
            writeMembers(members)
            endObject()
        }
    }
}
