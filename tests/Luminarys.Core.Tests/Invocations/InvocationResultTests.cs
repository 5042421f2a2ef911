using Luminarys.Invocations;
using Luminarys.Nodes;

namespace Luminarys.Core.Tests.Invocations;

public sealed class InvocationResultTests
{
    [Fact]
    public void Success_Payload_IsKeptAsItIs()
    {
        byte[] payload = [1, 2, 3];
        var result = InvocationResult.Success(payload, "for the model");
        Assert.True(result.IsSuccess);
        Assert.Equal(InvocationError.None, result.Error);
        Assert.True(result.Payload.Equals((ReadOnlyMemory<byte>)payload));
        Assert.Equal("for the model", result.LlmContext);
        Assert.Null(result.Message);
    }

    [Fact]
    public void Success_NoContext_HasNone() => Assert.Null(InvocationResult.Success(default).LlmContext);

    [Theory]
    [MemberData(nameof(InvocationErrorCodesTests.Errors), MemberType = typeof(InvocationErrorCodesTests))]
    public void Failure_EachError_IsAValue(int number, InvocationError error, string code, bool retryable)
    {
        if (error == InvocationError.None)
        {
            Assert.Throws<ArgumentOutOfRangeException>(() => InvocationResult.Failure(error, code));
            return;
        }

        var result = InvocationResult.Failure(error, code);
        Assert.False(result.IsSuccess);
        Assert.Equal(number, (int)result.Error);
        Assert.Equal(code, result.Message);
        Assert.True(result.Payload.IsEmpty);
        Assert.Null(result.LlmContext);
        Assert.Equal(retryable, result.Error.IsRetryable());
    }

    [Fact]
    public void Node_SetAfterwards_KeepsTheRest()
    {
        var result = InvocationResult.Failure(InvocationError.Busy, "full") with { Node = new NodeId("slave-1") };
        Assert.Equal("slave-1", result.Node.Value);
        Assert.Equal(InvocationError.Busy, result.Error);
        Assert.Equal("full", result.Message);
    }
}
