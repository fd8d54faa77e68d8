// The console of /api/docs: Swagger UI over this platform's own description.
//
// A collection takes hundreds of parameters, one for each field and operator. Above each list of
// parameters stands a box that narrows it; what has been filled in always stays in view.
"use strict";

(() => {
  const OPERATOR =
    /.__(not|contains|notcontains|startswith|endswith|gte?|lte?|between|in|notin|isnull|notnull)$/;
  const MANY = 20;

  // Examples become words: Swagger UI would fill them in, and ask for all of them at once.
  const asWords = (parameter) => {
    const { example, ...rest } = parameter;
    if (rest.in !== "query" || rest.required) {
      return parameter;
    }
    const { default: usual, example: inner, ...schema } = rest.schema;
    const shown = example ?? inner ?? usual;
    const told = shown === undefined ? "" : `（例 e.g. ${shown}）`;
    return { ...rest, schema, description: `${rest.description ?? ""}${told}` };
  };

  // References to parameters are put in their place, which is much quicker than the resolver.
  const prepared = (description) => {
    const { parameters, ...components } = description.components;
    const whole = (each) => asWords(each.$ref ? parameters[each.$ref.split("/").pop()] : each);
    for (const path of Object.values(description.paths)) {
      for (const operation of Object.values(path)) {
        if (operation.parameters) {
          operation.parameters = operation.parameters.map(whole);
        }
      }
    }
    return { ...description, components };
  };

  // Whether a parameter answers to every word that was typed, in its name or its description.
  const answers = (parameter, words) => {
    const told = `${parameter.get("name")} ${parameter.get("description") ?? ""}`.toLowerCase();
    return words.every((word) => told.includes(word));
  };

  // Until something is typed, the operators are left out: a field's own name means "equals".
  const narrowed = (parameters, typed, filled) => {
    const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
    const plain = (each) => words.length > 0 || !OPERATOR.test(each.get("name"));
    const isFilled = (each) => filled.has(`${each.get("in")}.${each.get("name")}`);
    return parameters.filter((each) => isFilled(each) || (plain(each) && answers(each, words)));
  };

  // The parameters of an operation that have a value. They are read from where the values are kept,
  // under "in.name.hash-…": the selectors for them merge every parameter anew at each call.
  const filledIn = (state, pathMethod) => {
    const kept = state.getIn(["spec", "meta", "paths", ...pathMethod, "parameters"]);
    const isSet = (each) => {
      const value = each.get("value");
      return ![undefined, null, ""].includes(value) && value?.count?.() !== 0;
    };
    const keys = kept ? kept.filter(isSet).keySeq().toArray() : [];
    return new Set(keys.map((key) => key.replace(/\.hash-.*$/, "")));
  };

  const NarrowParameters = () => ({
    wrapComponents: {
      parameters: (Original, { React, getSystem }) =>
        function Narrowed(props) {
          const [typed, setTyped] = React.useState("");
          const all = props.parameters;
          if (!all || all.count() < MANY) {
            return React.createElement(Original, props);
          }
          const filled = filledIn(getSystem().getState(), props.pathMethod);
          const shown = narrowed(all, typed, filled);
          const make = React.createElement;
          return make(
            React.Fragment,
            null,
            make(
              "label",
              { className: "narrow" },
              make("span", null, "筛选参数 Filter parameters"),
              make("input", {
                type: "search",
                value: typed,
                placeholder: "字段、运算：年度、amount、gte、between …",
                onChange: (event) => setTyped(event.target.value),
              }),
              make(
                "span",
                { className: "count", role: "status" },
                `${shown.count()} / ${all.count()}`
              )
            ),
            make(Original, { ...props, parameters: shown })
          );
        },
    },
  });

  const show = (description) =>
    window.SwaggerUIBundle({
      spec: prepared(description),
      dom_id: "#console",
      deepLinking: true,
      displayOperationId: true,
      displayRequestDuration: true,
      docExpansion: "list",
      defaultModelsExpandDepth: 0,
      filter: true,
      tryItOutEnabled: true,
      // A key is kept in memory only, and gone with the page.
      persistAuthorization: false,
      validatorUrl: null,
      plugins: [NarrowParameters],
    });

  const place = document.getElementById("console");
  fetch(place.dataset.spec)
    .then((answer) => answer.json())
    .then(show)
    .catch((error) => {
      place.textContent = `无法读取接口说明 The description cannot be read: ${error.message}`;
    });
})();
