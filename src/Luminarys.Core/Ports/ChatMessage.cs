namespace Luminarys.Ports;

/// <summary>One message of a conversation.</summary>
/// <param name="Role">Who wrote it, such as <c>user</c> or <c>assistant</c>.</param>
/// <param name="Content">What was written.</param>
public sealed record ChatMessage(string Role, string Content);
