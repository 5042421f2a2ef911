namespace Luminarys.Runtime.Wasm.Tests.Conformance;

public sealed class AssemblyScriptHostFunctionTests : HostFunctionConformance
{
    protected override string Guest => "guests/conformance-as";
}
