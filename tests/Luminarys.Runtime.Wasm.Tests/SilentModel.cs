using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests;

/// <summary>A language model that never answers.</summary>
internal sealed class SilentModel : ILanguageModel
{
    public async ValueTask<string> CompleteAsync(
        SkillId skill, string prompt, double? temperature, int? maxTokens, CancellationToken cancellationToken)
    {
        await Task.Delay(Timeout.Infinite, cancellationToken);
        return "";
    }

    public ValueTask<ImmutableArray<ChatMessage>> GetHistoryAsync(
        SkillId skill, string sessionId, string filter, CancellationToken cancellationToken) => new([]);
}
