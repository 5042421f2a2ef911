namespace Luminarys.Architecture.Tests.Rules;

/// <summary>One source-generated log message.</summary>
/// <param name="Project">Project it belongs to.</param>
/// <param name="Type">Name of the declaring type.</param>
/// <param name="Method">Name of the method.</param>
/// <param name="Id">Event id.</param>
internal sealed record LogEvent(string Project, string Type, string Method, int Id);
