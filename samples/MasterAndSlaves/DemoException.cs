namespace MasterAndSlaves;

/// <summary>Something that the person at the terminal should read.</summary>
internal sealed class DemoException(string message) : Exception(message);
