namespace Luminarys.Runtime.Wasm.Tests.Conformance;

public sealed class GoHostFunctionTests : HostFunctionConformance
{
    protected override string Guest => "guests/conformance-go";
}
