using System.Collections.Immutable;
using Luminarys.Ports;
using Luminarys.Skills;

namespace Luminarys.Runtime.Wasm.Tests.Conformance;

/// <summary>A language model of an application: it says what it was asked.</summary>
internal sealed class RecordingModel : ILanguageModel
{
    /// <summary>What it was asked last.</summary>
    public (SkillId Skill, string Text, double? Temperature, int? MaxTokens) Asked { get; private set; }

    /// <summary>What it throws instead of an answer.</summary>
    public string? Failure { get; set; }

    public ValueTask<string> CompleteAsync(SkillId skill, string prompt, double? temperature, int? maxTokens, CancellationToken cancellationToken)
    {
        Asked = (skill, prompt, temperature, maxTokens);
        return Failure is { } failure ? throw new InvalidOperationException(failure) : new($"{prompt} → 4");
    }

    public ValueTask<ImmutableArray<ChatMessage>> GetHistoryAsync(SkillId skill, string sessionId, string filter, CancellationToken cancellationToken)
    {
        Asked = (skill, filter, null, null);
        return Failure is { } failure
            ? throw new InvalidOperationException(failure)
            : new(ImmutableArray.Create(new ChatMessage("user", "hi ü"), new ChatMessage("assistant", "")));
    }
}
