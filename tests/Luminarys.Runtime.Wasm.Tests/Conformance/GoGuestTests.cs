using Luminarys.Invocations;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

public sealed class GoGuestTests : NativeGuestConformance
{
    protected override string Guest => "guests/conformance-go";

    protected override string PackageName => "test.conformance.go";

    protected override (InvocationError Error, string Message) Panic => (InvocationError.SkillTrap, "skill panicked: panicked: boom");

    [Fact]
    public async Task Invoke_MemoryMovesWhileTheHostAllocates_AnswersStayRight()
    {
        await using var harness = await StartAsync(KeyOf(1000));

        var before = (object[])(await harness.AskAsync("memory"))!;
        var memory = (object[])(await harness.AskAsync(
            "storm", RuntimeHarness.Pack(("count", 100), ("name", "env_get"), ("key", "K"), ("moving", true))))!;

        Assert.InRange(Number(memory[5]), Number(before[5]) + 100, Number(before[5]) + 105);
        Assert.Equal(1, Number(((object[])(await harness.AskAsync("memory"))!)[0]));
    }
}
