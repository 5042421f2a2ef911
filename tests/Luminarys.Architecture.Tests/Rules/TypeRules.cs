using System.CodeDom.Compiler;
using System.Reflection;
using System.Runtime.CompilerServices;

namespace Luminarys.Architecture.Tests.Rules;

/// <summary>The shape of types and the edge of the public surface.</summary>
internal static class TypeRules
{
    private const BindingFlags Declared =
        BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    /// <summary>Public APIs by purpose: the domain, two libraries for other programs, and the package of doubles for users' tests.</summary>
    private static readonly string[] s_publicByPurpose = ["Luminarys.Core", "Luminarys.Manifests", "Luminarys.Skills", "Luminarys.Testing"];

    private static readonly string[] s_aspNetCoreInSignatures = ["Luminarys.Mcp", "Luminarys.Hosting"];

    /// <summary>Whether a compiler or a source generator wrote the type.</summary>
    public static bool IsGenerated(Type type)
    {
        for (var current = type; current is not null; current = current.DeclaringType)
        {
            if (current.Name.Contains('<', StringComparison.Ordinal)
                || current.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false)
                || current.IsDefined(typeof(GeneratedCodeAttribute), inherit: false)
                || current.GetMethod("<Main>$", Declared) is not null)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>Classes that anybody may derive from without having been asked to. Records count.</summary>
    public static IEnumerable<string> OpenClasses(IEnumerable<Type> types) =>
        from type in types
        where type.IsClass && !type.IsSealed && !type.IsAbstract && !IsGenerated(type)
        select $"{type.FullName} is neither sealed nor static nor abstract.";

    /// <summary>
    /// What an adapter shows: <c>*Options</c> (a class), <c>*Extensions</c> (a static class), and an enum that is the type of a property of one of
    /// its options, since the option could not be set without it. Nothing else.
    /// </summary>
    public static IEnumerable<string> AdapterSurface(IEnumerable<Type> types)
    {
        var shown = types.Where(type => type.IsVisible && !IsGenerated(type)).ToArray();
        var optionEnums = shown.Where(IsOptions).SelectMany(type => type.GetProperties()).Select(property => Bare(property.PropertyType)).ToHashSet();
        return from type in shown
               where !IsOptions(type) && !IsExtensions(type) && !(type.IsEnum && optionEnums.Contains(type))
               select $"{type.FullName} is public in an adapter.";

        static bool IsOptions(Type type) => type is { IsClass: true, IsNested: false } && type.Name.EndsWith("Options", StringComparison.Ordinal);

        static bool IsExtensions(Type type) =>
            type is { IsAbstract: true, IsSealed: true, IsNested: false } && type.Name.EndsWith("Extensions", StringComparison.Ordinal);

        static Type Bare(Type type) => Nullable.GetUnderlyingType(type) ?? type;
    }

    /// <summary>
    /// Types in public signatures that are neither ours nor of the base class library nor <c>Microsoft.Extensions.*</c>. An HTTP edge and the
    /// composition root may also show <c>Microsoft.AspNetCore.*</c>.
    /// </summary>
    public static IEnumerable<string> ForeignSignatures(string project, IEnumerable<Type> types, IReadOnlySet<string> ownAssemblies) =>
        (from type in types
         where type.IsVisible && !IsGenerated(type)
         from used in SignatureTypes(type).SelectMany(Parts)
         let assembly = used.Assembly.GetName().Name!
         where !ownAssemblies.Contains(assembly)
             && !PurityRules.BaseClassLibrary.Contains(assembly)
             && !assembly.StartsWith("Microsoft.Extensions.", StringComparison.Ordinal)
             && !(assembly.StartsWith("Microsoft.AspNetCore.", StringComparison.Ordinal) && s_aspNetCoreInSignatures.Contains(project))
         select $"{type.FullName} shows {used.FullName ?? used.Name} of {assembly}.").Distinct();

    /// <summary>More public than internal types at the top level, where the project is not public by purpose.</summary>
    public static IEnumerable<string> MostlyPublic(string project, IEnumerable<Type> types)
    {
        var own = types.Where(type => !type.IsNested && !IsGenerated(type)).ToArray();
        var shown = own.Count(type => type.IsPublic);
        return shown * 2 > own.Length && !s_publicByPurpose.Contains(project)
            ? [$"{project} shows {shown} of its {own.Length} types; at most half may be public."]
            : [];
    }

    /// <summary>The types that a user of a type meets in its signatures.</summary>
    private static IEnumerable<Type> SignatureTypes(Type type)
    {
        IEnumerable<Type?> declared = [type.BaseType, .. type.GetInterfaces(), .. type.GetGenericArguments().SelectMany(Constraints)];
        return declared.Concat(type.GetMembers(Declared).SelectMany(MemberTypes)).OfType<Type>();
    }

    private static IEnumerable<Type> MemberTypes(MemberInfo member) => member switch
    {
        MethodInfo method when IsShown(method) =>
            [method.ReturnType, .. method.GetParameters().Select(parameter => parameter.ParameterType), .. method.GetGenericArguments().SelectMany(Constraints)],
        ConstructorInfo constructor when IsShown(constructor) => constructor.GetParameters().Select(parameter => parameter.ParameterType),
        FieldInfo { IsPublic: true } or FieldInfo { IsFamily: true } or FieldInfo { IsFamilyOrAssembly: true } => [((FieldInfo)member).FieldType],
        _ => [], // Properties and events appear as their accessors.
    };

    private static bool IsShown(MethodBase method) => method.IsPublic || method.IsFamily || method.IsFamilyOrAssembly;

    private static IEnumerable<Type> Constraints(Type type) => type.IsGenericParameter ? type.GetGenericParameterConstraints() : [];

    private static IEnumerable<Type> Parts(Type type) => type switch
    {
        { IsGenericParameter: true } => [],
        { HasElementType: true } => Parts(type.GetElementType()!),
        { IsGenericType: true } => [type.GetGenericTypeDefinition(), .. type.GetGenericArguments().SelectMany(Parts)],
        _ => [type],
    };
}
