using Luminarys.Ports;
using NSubstitute;
using NSubstitute.ExceptionExtensions;

namespace Luminarys.Runtime.Wasm.Tests.HostFunctions.Llm;

public sealed class LanguageModelFunctionsTests
{
    [Theory]
    [InlineData("history_get")]
    [InlineData("prompt_complete")]
    public async Task WithoutAModel_SaysSo(string function)
    {
        await using var stage = new FunctionStage();

        Assert.Equal("llm is not configured", stage.Call(function, [0x80]).Error);
    }

    [Fact]
    public async Task Complete_TheModelFails_TheSkillIsToldWhy()
    {
        var model = Substitute.For<ILanguageModel>();
        model.CompleteAsync(default, "", null, null, TestContext.Current.CancellationToken).ThrowsAsyncForAnyArgs(new InvalidOperationException("quota used up"));
        await using var stage = new FunctionStage(model: model);

        Assert.Equal("quota used up", stage.Call("prompt_complete", [0x80]).Error);
    }

    [Fact]
    public async Task C6_Complete_CallIsCancelled_Ends()
    {
        using var caller = new CancellationTokenSource(TimeSpan.FromMilliseconds(50));
        await using var stage = new FunctionStage(model: new SilentModel(), cancellation: caller.Token);

        Assert.Equal("cancelled", stage.Call("prompt_complete", [0x80]).Error);
    }
}
