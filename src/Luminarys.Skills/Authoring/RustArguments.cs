namespace Luminarys.Skills.Authoring;

/// <summary>
/// Writes how <c>lib.rs</c> reads arguments. One value type of its own takes whatever a host sends; each parameter converts it. Only serde and rmp-serde
/// are used, which every skill has.
/// </summary>
internal static class RustArguments
{
    private const string Common = """
        struct Bytes(Vec<u8>);

        impl serde::Serialize for Bytes {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.serialize_bytes(&self.0)
            }
        }

        fn pack<T: serde::Serialize>(value: &T) -> Result<Vec<u8>, String> {
            rmp_serde::to_vec_named(value).map_err(|error| error.to_string())
        }
        """;

    private const string Values = """
        fn decode<T: serde::de::DeserializeOwned + Default>(payload: &[u8]) -> Result<T, String> {
            if payload.is_empty() {
                return Ok(T::default());
            }
            rmp_serde::from_slice(payload).map_err(|error| format!("invalid arguments: {error}"))
        }

        enum Value {
            Nil,
            Bool(bool),
            Int(i64),
            Float(f64),
            Text(String),
            Bytes(Vec<u8>),
            List(Vec<Value>),
            Other,
        }

        impl Default for Value {
            fn default() -> Self {
                Value::Nil
            }
        }

        struct AnyValue;

        impl<'de> serde::de::Visitor<'de> for AnyValue {
            type Value = Value;

            fn expecting(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {
                f.write_str("any value")
            }

            fn visit_unit<E>(self) -> Result<Value, E> {
                Ok(Value::Nil)
            }

            fn visit_none<E>(self) -> Result<Value, E> {
                Ok(Value::Nil)
            }

            fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
                Ok(Value::Bool(value))
            }

            fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
                Ok(Value::Int(value))
            }

            fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
                Ok(Value::Int(value as i64))
            }

            fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
                Ok(Value::Float(value))
            }

            fn visit_str<E>(self, value: &str) -> Result<Value, E> {
                Ok(Value::Text(value.to_string()))
            }

            fn visit_bytes<E>(self, value: &[u8]) -> Result<Value, E> {
                Ok(Value::Bytes(value.to_vec()))
            }

            fn visit_seq<A: serde::de::SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
                let mut list = Vec::new();
                while let Some(item) = items.next_element()? {
                    list.push(item);
                }
                Ok(Value::List(list))
            }

            fn visit_map<A: serde::de::MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
                while entries.next_entry::<serde::de::IgnoredAny, serde::de::IgnoredAny>()?.is_some() {}
                Ok(Value::Other)
            }
        }

        impl<'de> serde::Deserialize<'de> for Value {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_any(AnyValue)
            }
        }

        impl Value {
            fn text(self) -> Option<String> {
                match self {
                    Value::Text(text) => Some(text),
                    Value::Bytes(bytes) => Some(String::from_utf8_lossy(&bytes).into_owned()),
                    Value::Bool(flag) => Some(flag.to_string()),
                    Value::Int(number) => Some(number.to_string()),
                    Value::Float(number) => Some(number.to_string()),
                    _ => None,
                }
            }

            fn int(self) -> Option<i64> {
                match self {
                    Value::Int(number) => Some(number),
                    Value::Float(number) => Some(number as i64),
                    Value::Bool(flag) => Some(flag as i64),
                    Value::Text(text) => text.trim().parse().ok(),
                    _ => None,
                }
            }

            fn float(self) -> Option<f64> {
                match self {
                    Value::Float(number) => Some(number),
                    Value::Int(number) => Some(number as f64),
                    Value::Text(text) => text.trim().parse().ok(),
                    _ => None,
                }
            }

            fn flag(self) -> Option<bool> {
                match self {
                    Value::Bool(flag) => Some(flag),
                    Value::Int(number) => Some(number != 0),
                    Value::Text(text) => Some(text == "true" || text == "1"),
                    _ => None,
                }
            }

            fn bytes(self) -> Option<Vec<u8>> {
                match self {
                    Value::Bytes(bytes) => Some(bytes),
                    Value::Text(text) => Some(text.into_bytes()),
                    Value::List(items) => items.into_iter().map(|item| item.int().map(|number| number as u8)).collect(),
                    _ => None,
                }
            }

            fn texts(self) -> Option<Vec<String>> {
                match self {
                    Value::List(items) => items.into_iter().map(Value::text).collect(),
                    _ => None,
                }
            }

            fn ints(self) -> Option<Vec<i64>> {
                match self {
                    Value::List(items) => items.into_iter().map(Value::int).collect(),
                    _ => None,
                }
            }
        }

        fn optional<T>(value: Value, name: &str, expected: &str, read: fn(Value) -> Option<T>) -> Result<Option<T>, String> {
            match value {
                Value::Nil => Ok(None),
                value => read(value).map(Some).ok_or_else(|| format!("invalid parameter {name}: expected {expected}")),
            }
        }

        fn required<T>(value: Value, name: &str, expected: &str, read: fn(Value) -> Option<T>) -> Result<T, String> {
            optional(value, name, expected, read)?.ok_or_else(|| format!("missing required parameter: {name}"))
        }
        """;

    /// <summary>Writes the argument structures and what reads them.</summary>
    public static void Write(SourceWriter code, AuthoredSkill skill)
    {
        foreach (var (method, index) in skill.Methods.Select((method, index) => (method, index)).Where(pair => !pair.method.Parameters.IsEmpty))
        {
            code.Line("#[derive(serde::Deserialize, Default)]").Line("#[serde(default)]").Line($"struct Args{index} {{").In();
            for (var i = 0; i < method.Parameters.Length; i++)
            {
                code.Line($"#[serde(rename = {RustEmitter.Quote(method.Parameters[i].Name)})]").Line($"p{i}: Value,");
            }

            code.Out().Line("}").Line();
        }

        code.Block(Common).Line();
        if (skill.Methods.Any(method => !method.Parameters.IsEmpty))
        {
            code.Block(Values).Line();
        }
    }

    /// <summary>The expression that gives one parameter's value.</summary>
    public static string Take(AuthoredParameter parameter, int index)
    {
        var reader = parameter.Type.Kind switch
        {
            AuthoredKind.Integer => "int",
            AuthoredKind.Number => "float",
            AuthoredKind.Boolean => "flag",
            AuthoredKind.Bytes => "bytes",
            AuthoredKind.TextList => "texts",
            AuthoredKind.IntegerList => "ints",
            _ => "text",
        };
        var call = $"(args.p{index}, {RustEmitter.Quote(parameter.Name)}, \"{SkillEmitter.TypeName(parameter.Type.Kind)}\", Value::{reader})?";
        if (parameter.IsRequired)
        {
            var value = $"required{call}{Cast(parameter)}";
            return parameter.Type.IsOptional ? $"Some({value})" : value;
        }

        if (parameter.Type.IsOptional)
        {
            var converted = NeedsCast(parameter) ? $".map(|value| value as {parameter.Type.Spelling})" : "";
            return parameter.Default is null ? $"optional{call}{converted}" : $"Some(optional{call}.unwrap_or({Literal(parameter)}){Cast(parameter)})";
        }

        return parameter.Default is null
            ? $"optional{call}.unwrap_or_default(){Cast(parameter)}"
            : $"optional{call}.unwrap_or({Literal(parameter)}){Cast(parameter)}";
    }

    private static bool NeedsCast(AuthoredParameter parameter) =>
        (parameter.Type.Kind == AuthoredKind.Integer && parameter.Type.Spelling != "i64")
        || (parameter.Type.Kind == AuthoredKind.Number && parameter.Type.Spelling != "f64");

    private static string Cast(AuthoredParameter parameter) => NeedsCast(parameter) ? $" as {parameter.Type.Spelling}" : "";

    private static string Literal(AuthoredParameter parameter) => parameter.Type.Kind switch
    {
        AuthoredKind.Text => $"{RustEmitter.Quote(parameter.Default!)}.to_string()",
        AuthoredKind.Number => $"{parameter.Default}f64",
        _ => parameter.Default!,
    };
}
