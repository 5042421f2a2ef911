using System.Buffers;
using System.Collections.Concurrent;
using Luminarys.Invocations;
using MessagePack;

namespace Luminarys.Mcp;

/// <summary>An invoker that remembers its calls and answers what a test sets; by default the arguments themselves.</summary>
internal sealed class FakeInvoker : IInvoker
{
    public ConcurrentQueue<Invocation> Calls { get; } = new();

    public Func<Invocation, CancellationToken, ValueTask<InvocationResult>> Answer { get; set; } =
        (invocation, _) => ValueTask.FromResult(InvocationResult.Success(invocation.Payload) with { Node = TestSkills.NodeId });

    public ValueTask<InvocationResult> InvokeAsync(Invocation invocation, CancellationToken cancellationToken)
    {
        Calls.Enqueue(invocation);
        return Answer(invocation, cancellationToken);
    }

    public void AnswerWith(InvocationResult result) => Answer = (_, _) => ValueTask.FromResult(result);

    public void AnswerText(string text, string? llmContext = null) => AnswerWith(InvocationResult.Success(Text(text), llmContext));

    public static ReadOnlyMemory<byte> Text(string text)
    {
        var buffer = new ArrayBufferWriter<byte>();
        var writer = new MessagePackWriter(buffer);
        writer.Write(text);
        writer.Flush();
        return buffer.WrittenMemory;
    }

    public static ReadOnlyMemory<byte> FromJson(string json) => MessagePackSerializer.ConvertFromJson(json, cancellationToken: default);
}
