using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

public sealed class RustGuestTests : NativeGuestConformance
{
    protected override string Guest => "guests/conformance-rust";

    protected override string PackageName => "test.conformance.rust";

    protected override (InvocationError Error, string Message) Panic => (InvocationError.SkillTrap, "skill panicked: panicked: boom");
}
