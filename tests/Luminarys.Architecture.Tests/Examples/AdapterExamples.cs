#pragma warning disable CA1515 // These types are public because that is what the rule looks at.

namespace Luminarys.Architecture.Tests.Examples;

/// <summary>A type that an adapter may show.</summary>
public sealed class ExampleOptions
{
    public ExampleMode Mode { get; set; }

    public ExampleLevel? Level { get; set; }
}

/// <summary>The type of an option.</summary>
public enum ExampleMode
{
    One,
}

/// <summary>The type of an option that may be left out.</summary>
public enum ExampleLevel
{
    One,
}

/// <summary>An enum that no option uses.</summary>
public enum ExampleStray
{
    One,
}

/// <summary>A type that an adapter may show.</summary>
public static class ExampleExtensions;

/// <summary>Named like an extension class, but it has instances.</summary>
public sealed class ExampleInstanceExtensions;

/// <summary>Named like options, but it is a contract.</summary>
public interface IExampleOptions;

/// <summary>A type that an adapter keeps to itself.</summary>
public sealed class ExampleBus;

/// <summary>What the adapter keeps to itself.</summary>
internal sealed class ExampleInternalBus;
