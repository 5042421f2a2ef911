using Luminarys.Contracts;
using Luminarys.Ports;
using Luminarys.State;

namespace Luminarys.Storage.Sqlite.Tests;

/// <summary>The twin keeps the same promises; that is what makes tests on it worth something.</summary>
public sealed class MemoryStateStoreContractTests : StateStoreContract
{
    protected override IStateStore Open() => new MemoryStateStore();
}
