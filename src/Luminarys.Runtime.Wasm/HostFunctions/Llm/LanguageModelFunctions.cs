using System.Buffers;
using System.Collections.Immutable;
using Luminarys.Ports;
using MessagePack;

namespace Luminarys.Runtime.Wasm.HostFunctions.Llm;

/// <summary>The language model and the conversation that an application lends to its skills.</summary>
internal sealed class LanguageModelFunctions(SkillServices services) : IHostFunctions
{
    private const string None = "llm is not configured";

    /// <inheritdoc/>
    public HostFunction? Find(string name) => name switch
    {
        "history_get" => GetHistory,
        "prompt_complete" => Complete,
        _ => null,
    };

    /// <inheritdoc/>
    public void OnInstanceDiscarded()
    {
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private string? GetHistory(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var filter = PromptRequest.Read(request).Filter;
        var session = call.Invocation?.SessionId ?? "";
        return Ask(
            call,
            (model, cancellation) => model.GetHistoryAsync(services.Manifest.Id, session, filter, cancellation),
            messages => WriteHistory(answer, messages));
    }

    private string? Complete(HostCall call, ReadOnlyMemory<byte> request, IBufferWriter<byte> answer)
    {
        var prompt = PromptRequest.Read(request);
        return Ask(
            call,
            (model, cancellation) => model.CompleteAsync(services.Manifest.Id, prompt.Prompt, prompt.Temperature, prompt.MaxTokens, cancellation),
            text => WriteCompletion(answer, text));
    }

    private string? Ask<T>(HostCall call, Func<ILanguageModel, CancellationToken, ValueTask<T>> question, Action<T> write)
    {
        if (services.LanguageModel is not { } model)
        {
            return None;
        }

        try
        {
            write(call.Await(cancellation => question(model, cancellation)));
            return null;
        }
        catch (OperationCanceledException) when (call.Cancellation.IsCancellationRequested)
        {
            return "cancelled";
        }
#pragma warning disable CA1031 // The model is the application's: whatever it throws is its answer to the skill, and no defect of the host.
        catch (Exception exception) when (exception is not Engine.GuestFaultException)
#pragma warning restore CA1031
        {
            return services.Log.Mask(exception.Message);
        }
    }

    // A bare list: the guests' own form of this one answer.
    private static void WriteHistory(IBufferWriter<byte> answer, ImmutableArray<ChatMessage> messages)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteArrayHeader(messages.IsDefault ? 0 : messages.Length);
        foreach (var (role, content) in messages.IsDefault ? [] : messages)
        {
            writer.WriteMapHeader(2);
            writer.WriteString("role"u8);
            writer.Write(role);
            writer.WriteString("content"u8);
            writer.Write(content);
        }

        writer.Flush();
    }

    // Some guests read the one key, some the other.
    private static void WriteCompletion(IBufferWriter<byte> answer, string text)
    {
        var writer = new MessagePackWriter(answer);
        writer.WriteMapHeader(2);
        writer.WriteString("content"u8);
        writer.Write(text ?? "");
        writer.WriteString("text"u8);
        writer.Write(text ?? "");
        writer.Flush();
    }
}
