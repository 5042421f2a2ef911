using System.Collections.Immutable;
using Luminarys.Skills;

namespace Luminarys.Ports;

/// <summary>
/// A language model and a conversation that an application lends to its skills. Without one, skills are told that none is configured. Thread-safe.
/// A failure is thrown; the skill is told its message.
/// </summary>
public interface ILanguageModel
{
    /// <summary>Completes a prompt.</summary>
    /// <param name="skill">Who asks.</param>
    /// <param name="prompt">The prompt.</param>
    /// <param name="temperature">0 to 2; null leaves it to the model.</param>
    /// <param name="maxTokens">Longest answer; null leaves it to the model.</param>
    /// <param name="cancellationToken">Ends with the skill's call.</param>
    ValueTask<string> CompleteAsync(SkillId skill, string prompt, double? temperature, int? maxTokens, CancellationToken cancellationToken);

    /// <summary>Messages of the conversation of a session, oldest first.</summary>
    /// <param name="skill">Who asks.</param>
    /// <param name="sessionId">The client's session; may be empty.</param>
    /// <param name="filter">The skill's own words, such as <c>last:10</c> or <c>role:user</c>; empty for all.</param>
    /// <param name="cancellationToken">Ends with the skill's call.</param>
    ValueTask<ImmutableArray<ChatMessage>> GetHistoryAsync(SkillId skill, string sessionId, string filter, CancellationToken cancellationToken);
}
