namespace Luminarys.Runtime.Wasm.HostFunctions.Llm;

/// <summary>Request of <c>history_get</c> and <c>prompt_complete</c>.</summary>
/// <param name="Filter">What of the conversation; empty for all.</param>
/// <param name="Prompt">What to complete.</param>
/// <param name="Temperature">As the guest wants it; null leaves it to the model.</param>
/// <param name="MaxTokens">Longest answer; null leaves it to the model.</param>
internal sealed record PromptRequest(string Filter, string Prompt, double? Temperature, int? MaxTokens)
{
    public static PromptRequest Read(ReadOnlyMemory<byte> request)
    {
        var read = new PromptRequest("", "", null, null);
        var reader = new FieldReader(request);
        while (reader.TryNext(out var key))
        {
            switch (key)
            {
                case "filter": read = read with { Filter = reader.Text() }; break;
                case "prompt": read = read with { Prompt = reader.Text() }; break;
                case "temperature": read = read with { Temperature = reader.Number() is { } warmth ? Math.Clamp(warmth, 0, 2) : null }; break;
                case "max_tokens": read = read with { MaxTokens = reader.Integer() is > 0 and var tokens ? (int)Math.Min(tokens, int.MaxValue) : null }; break;
                default: reader.Skip(); break;
            }
        }

        return read;
    }
}
