using Microsoft.AspNetCore.Http;
using Xunit.Sdk;

#pragma warning disable CA1034, CA1052, CA1812, CA1815, CA1822, CA1852, CA1515 // Bad shapes are what these types are for.

namespace Luminarys.Architecture.Tests.Examples;

/// <summary>Types that break, and types that keep, the rules of shape. Each is named after what it shows.</summary>
public static class ShapeExamples
{
    public class OpenClass;

    public record OpenRecord(int Value);

    internal class OpenInternalClass
    {
        private class OpenNestedClass;
    }

    public sealed class SealedClass;

    public abstract class AbstractClass;

    public static class StaticClass;

    public record struct Structure(int Value);

    public sealed class ShowsParameter
    {
        public void Take(XunitException exception) => _ = exception;
    }

    public sealed class ShowsReturnType
    {
        public XunitException? Give() => null;
    }

    public sealed class ShowsProperty
    {
        public XunitException? Value { get; set; }
    }

    public sealed class ShowsField
    {
#pragma warning disable CA1051 // The field is the example.
        public XunitException? Value;
#pragma warning restore CA1051
    }

    public sealed class ShowsConstructor
    {
        public ShowsConstructor(XunitException exception) => _ = exception;
    }

    public sealed class ShowsTypeArgument
    {
        public IReadOnlyList<Dictionary<string, XunitException[]>> Value => [];
    }

    public sealed class ShowsConstraint
    {
        public void Take<T>(T value)
            where T : XunitException => _ = value;
    }

    public sealed class ShowsBaseType : XunitException
    {
        public ShowsBaseType()
            : base("")
        {
        }
    }

    public abstract class ShowsProtectedMember
    {
        protected abstract void Take(XunitException exception);
    }

    public delegate void ShowsDelegateParameter(XunitException exception);

    public sealed class HidesForeignType
    {
        private XunitException? _private;

        internal XunitException? Value => _private ??= null;
    }

    public sealed class ShowsAspNetCore
    {
        public HttpContext? Context => null;
    }

    public sealed class ShowsExtensions
    {
        public Microsoft.Extensions.Logging.ILogger? Logger => null;
    }
}
