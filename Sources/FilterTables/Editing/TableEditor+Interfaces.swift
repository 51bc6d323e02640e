internal import CloudModel

/// Interfaces, their addresses and memberships, and the entries of lists.
extension TableEditor {
    /// Moves an interface into a set of groups.
    mutating func setGroups(_ groups: [SecurityGroupID], ofInterface interface: Int) {
        let old = books.interfaces[interface].groups
        let new = books.numbers(of: groups)
        let blocks = books.interfaces[interface].addresses
        for group in old where !new.contains(group) {
            let spaces = books.groups[Int(group)].spaces
            remove(blocks, from: .group(Int(group)), inSpaces: spaces)
            books.groups[Int(group)].members.remove(UInt32(interface))
        }
        for group in new where !old.contains(group) {
            books.groups[Int(group)].members.insert(UInt32(interface))
            add(blocks, to: .group(Int(group)), inSpaces: books.groups[Int(group)].spaces)
        }
        books.interfaces[interface].groups = new
        writeRecord(ofInterface: interface)
    }

    /// Gives an interface a status.
    mutating func setStatus(_ status: NetworkInterfaceStatus, ofInterface interface: Int) {
        books.interfaces[interface].status = status
        writeRecord(ofInterface: interface)
    }

    private func writeRecord(ofInterface interface: Int) {
        let contents = books.interfaces[interface].record
        setRecord(.interfaces, interface, to: InterfaceRecord.make(contents, in: arena))
    }

    // MARK: Addresses

    /// Gives an interface addresses behind those that it has.
    mutating func add(_ blocks: [CIDRBlock], toInterface interface: Int) {
        books.interfaces[interface].addresses += blocks
        for group in books.interfaces[interface].groups {
            add(blocks, to: .group(Int(group)), inSpaces: books.groups[Int(group)].spaces)
        }
        for block in blocks { addOwner(interface, of: block) }
    }

    /// Takes addresses from an interface.
    mutating func remove(_ blocks: [CIDRBlock], fromInterface interface: Int) {
        let removed = books.interfaces[interface].addresses.filter(blocks.contains)
        books.interfaces[interface].addresses.removeAll(where: blocks.contains)
        for group in books.interfaces[interface].groups {
            remove(removed, from: .group(Int(group)), inSpaces: books.groups[Int(group)].spaces)
        }
        for block in removed { removeOwner(interface, of: block) }
    }

    // MARK: Lists

    /// Takes entries from a list, then gives it others.
    mutating func changeEntries(
        ofList id: PrefixListID, removing old: [CIDRBlock], adding new: [CIDRBlock]
    ) {
        guard let list = books.facts.number(of: id) else {
            preconditionFailure("unknown prefix list \(id)")
        }
        let spaces = books.lists[list].spaces
        let removed = books.lists[list].entries.filter(old.contains)
        books.lists[list].entries.removeAll(where: old.contains)
        remove(removed, from: .prefixList(list), inSpaces: spaces)
        books.lists[list].entries += new
        add(new, to: .prefixList(list), inSpaces: spaces)
    }
}

extension Books {
    /// The numbers of groups that the fleet has, ascending.
    func numbers(of groups: [SecurityGroupID]) -> [UInt32] {
        Set(groups.compactMap { number(of: $0).map(UInt32.init) }).sorted()
    }
}

extension InterfaceBook {
    /// What the tables say about the interface.
    var record: InterfaceRecord.Contents {
        let state: InterfaceState =
            !status.carriesTraffic ? .notAttached : groups.isEmpty ? .withoutGroups : .filtering
        return InterfaceRecord.Contents(state: state, space: space, mac: mac, groups: groups)
    }
}
