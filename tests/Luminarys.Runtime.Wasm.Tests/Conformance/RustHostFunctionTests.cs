namespace Luminarys.Runtime.Wasm.Tests.Conformance;

public sealed class RustHostFunctionTests : HostFunctionConformance
{
    protected override string Guest => "guests/conformance-rust";
}
