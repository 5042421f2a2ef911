namespace Luminarys.Mcp.Http;

/// <summary>A body that is wrong in one way.</summary>
/// <param name="Kind">In which.</param>
/// <param name="Bytes">What is sent.</param>
/// <param name="Headers">What protocol 2026-07-28 sends with it.</param>
/// <param name="Codes">The codes that are right; null is no error.</param>
internal sealed record GeneratedBody(string Kind, byte[] Bytes, (string Name, string Value)[] Headers, int?[] Codes);
