using System.Text.Json;

namespace Luminarys.Skills.Messages;

/// <summary>One argument before its type is known.</summary>
/// <param name="Json">The value; undefined when there are bytes.</param>
/// <param name="Bytes">Bytes that go as they are; null when there is a value.</param>
internal readonly record struct ArgumentValue(JsonElement Json, ReadOnlyMemory<byte>? Bytes);
