internal import CloudModel

/// Refusals that calls of both vendors give.
extension Refusal {
    static func unknownOperation(_ name: String, vendor: Vendor) -> Refusal {
        switch vendor {
        case .alibaba:
            Refusal(404, "InvalidAction.NotFound", "there is no operation `\(name)`")
        case .aws: Refusal(400, "InvalidAction", "there is no operation `\(name)`")
        }
    }

    static func missingParameter(_ name: String) -> Refusal {
        Refusal(400, "MissingParameter", "the parameter `\(name)` is missing")
    }

    static func unsupportedParameter(_ name: String) -> Refusal {
        Refusal(400, "UnsupportedParameter", "the operation has no parameter `\(name)`")
    }

    static func unknownParameter(_ name: String) -> Refusal {
        Refusal(400, "UnknownParameter", "the operation has no parameter `\(name)`")
    }

    static var invalidClientToken: Refusal {
        Refusal(
            400, "InvalidClientToken.ValueNotSupported",
            "a client token is at most 64 ascii characters")
    }

    static func idempotentParameterMismatch(_ token: String) -> Refusal {
        Refusal(
            400, "IdempotentParameterMismatch",
            "the client token `\(token)` was used with other parameters")
    }
}
