; softmax
define internal i32 @softmax.body(ptr noalias captures(none) readonly align 4 %a0, ptr noalias captures(none) align 4 %a1, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr i8, ptr %workspace, i64 640
  %v2 = getelementptr i8, ptr %workspace, i64 0
  %v3 = getelementptr i8, ptr %workspace, i64 640
  store <4 x float> splat (float 0xFFF0000000000000), ptr %v1, align 64
  br label %loop5
loop5:
  %i1.7 = phi i64 [ 0, %entry ], [ %v104, %loop5 ]
  %v8 = getelementptr float, ptr %v1, i64 %i1.7
  %v10 = mul nsw i64 %i1.7, 40
  %v11 = getelementptr float, ptr %a0, i64 %v10
  %v9 = load float, ptr %v8, align 4
  %v12 = load <16 x float>, ptr %v11, align 4
  %v13 = shufflevector <16 x float> %v12, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v14 = shufflevector <16 x float> %v12, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v15 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v13, <8 x float> %v14)
  %v16 = fcmp uno <8 x float> %v13, %v13
  %v17 = select <8 x i1> %v16, <8 x float> %v13, <8 x float> %v15
  %v18 = shufflevector <8 x float> %v17, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v19 = shufflevector <8 x float> %v17, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v20 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v18, <4 x float> %v19)
  %v21 = fcmp uno <4 x float> %v18, %v18
  %v22 = select <4 x i1> %v21, <4 x float> %v18, <4 x float> %v20
  %v23 = shufflevector <4 x float> %v22, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v24 = shufflevector <4 x float> %v22, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v25 = fcmp ogt <2 x float> %v23, %v24
  %v26 = select <2 x i1> %v25, <2 x float> %v23, <2 x float> %v24
  %v27 = fcmp uno <2 x float> %v23, %v23
  %v28 = select <2 x i1> %v27, <2 x float> %v23, <2 x float> %v26
  %v29 = extractelement <2 x float> %v28, i64 0
  %v30 = extractelement <2 x float> %v28, i64 1
  %v31 = fcmp ogt float %v29, %v30
  %v32 = select i1 %v31, float %v29, float %v30
  %v33 = fcmp uno float %v29, %v29
  %v34 = select i1 %v33, float %v29, float %v32
  %v35 = fcmp ogt float %v9, %v34
  %v36 = select i1 %v35, float %v9, float %v34
  %v37 = fcmp uno float %v9, %v9
  %v38 = select i1 %v37, float %v9, float %v36
  %v39 = getelementptr float, ptr %v11, i64 16
  %v40 = load <16 x float>, ptr %v39, align 4
  %v41 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v42 = shufflevector <16 x float> %v40, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v43 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v41, <8 x float> %v42)
  %v44 = fcmp uno <8 x float> %v41, %v41
  %v45 = select <8 x i1> %v44, <8 x float> %v41, <8 x float> %v43
  %v46 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v47 = shufflevector <8 x float> %v45, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v48 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v46, <4 x float> %v47)
  %v49 = fcmp uno <4 x float> %v46, %v46
  %v50 = select <4 x i1> %v49, <4 x float> %v46, <4 x float> %v48
  %v51 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v52 = shufflevector <4 x float> %v50, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v53 = fcmp ogt <2 x float> %v51, %v52
  %v54 = select <2 x i1> %v53, <2 x float> %v51, <2 x float> %v52
  %v55 = fcmp uno <2 x float> %v51, %v51
  %v56 = select <2 x i1> %v55, <2 x float> %v51, <2 x float> %v54
  %v57 = extractelement <2 x float> %v56, i64 0
  %v58 = extractelement <2 x float> %v56, i64 1
  %v59 = fcmp ogt float %v57, %v58
  %v60 = select i1 %v59, float %v57, float %v58
  %v61 = fcmp uno float %v57, %v57
  %v62 = select i1 %v61, float %v57, float %v60
  %v63 = fcmp ogt float %v38, %v62
  %v64 = select i1 %v63, float %v38, float %v62
  %v65 = fcmp uno float %v38, %v38
  %v66 = select i1 %v65, float %v38, float %v64
  %v67 = trunc i64 0 to i32
  %v68 = insertelement <16 x i32> poison, i32 %v67, i64 0
  %v69 = shufflevector <16 x i32> %v68, <16 x i32> poison, <16 x i32> zeroinitializer
  %v70 = add <16 x i32> %v69, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v71 = trunc i64 8 to i32
  %v72 = insertelement <16 x i32> poison, i32 %v71, i64 0
  %v73 = shufflevector <16 x i32> %v72, <16 x i32> poison, <16 x i32> zeroinitializer
  %v74 = icmp slt <16 x i32> %v70, %v73
  %v75 = getelementptr float, ptr %v11, i64 32
  %v76 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 4 %v75, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v77 = select <16 x i1> %v74, <16 x float> %v76, <16 x float> splat (float 0xFFF0000000000000)
  %v78 = shufflevector <16 x float> %v77, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v79 = shufflevector <16 x float> %v77, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v80 = call <8 x float> @llvm.x86.avx.max.ps.256(<8 x float> %v78, <8 x float> %v79)
  %v81 = fcmp uno <8 x float> %v78, %v78
  %v82 = select <8 x i1> %v81, <8 x float> %v78, <8 x float> %v80
  %v83 = shufflevector <8 x float> %v82, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v84 = shufflevector <8 x float> %v82, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v85 = call <4 x float> @llvm.x86.sse.max.ps(<4 x float> %v83, <4 x float> %v84)
  %v86 = fcmp uno <4 x float> %v83, %v83
  %v87 = select <4 x i1> %v86, <4 x float> %v83, <4 x float> %v85
  %v88 = shufflevector <4 x float> %v87, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v89 = shufflevector <4 x float> %v87, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v90 = fcmp ogt <2 x float> %v88, %v89
  %v91 = select <2 x i1> %v90, <2 x float> %v88, <2 x float> %v89
  %v92 = fcmp uno <2 x float> %v88, %v88
  %v93 = select <2 x i1> %v92, <2 x float> %v88, <2 x float> %v91
  %v94 = extractelement <2 x float> %v93, i64 0
  %v95 = extractelement <2 x float> %v93, i64 1
  %v96 = fcmp ogt float %v94, %v95
  %v97 = select i1 %v96, float %v94, float %v95
  %v98 = fcmp uno float %v94, %v94
  %v99 = select i1 %v98, float %v94, float %v97
  %v100 = fcmp ogt float %v66, %v99
  %v101 = select i1 %v100, float %v66, float %v99
  %v102 = fcmp uno float %v66, %v66
  %v103 = select i1 %v102, float %v66, float %v101
  store float %v103, ptr %v8, align 4
  %v104 = add nsw i64 %i1.7, 1
  %v105 = icmp slt i64 %v104, 4
  br i1 %v105, label %loop5, label %end6
end6:
  br label %loop107
loop107:
  %i4.109 = phi i64 [ 0, %end6 ], [ %v178, %loop107 ]
  %v110 = mul nsw i64 %i4.109, 40
  %v111 = getelementptr float, ptr %a0, i64 %v110
  %v113 = getelementptr float, ptr %v1, i64 %i4.109
  %v133 = getelementptr float, ptr %v2, i64 %v110
  %v112 = load <16 x float>, ptr %v111, align 4
  %v114 = load float, ptr %v113, align 4
  %v115 = insertelement <16 x float> poison, float %v114, i64 0
  %v116 = shufflevector <16 x float> %v115, <16 x float> poison, <16 x i32> zeroinitializer
  %v117 = fsub <16 x float> %v112, %v116
  %v118 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v117
  %v119 = select <16 x i1> %v118, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v117
  %v120 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v119
  %v121 = select <16 x i1> %v120, <16 x float> splat (float 0x4056400000000000), <16 x float> %v119
  %v122 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v121, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v123 = fsub <16 x float> %v122, splat (float 0x4168000000000000)
  %v124 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v123, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v121)
  %v125 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v123, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v124)
  %v126 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v125, <16 x float> splat (float 0x3F8123B920000000))
  %v127 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v126, <16 x float> %v125, <16 x float> splat (float 0x3FA55545E0000000))
  %v128 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v127, <16 x float> %v125, <16 x float> splat (float 0x3FC55548E0000000))
  %v129 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v128, <16 x float> %v125, <16 x float> splat (float 0x3FE0000000000000))
  %v130 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v129, <16 x float> %v125, <16 x float> splat (float 0x3FF0000000000000))
  %v131 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v130, <16 x float> %v125, <16 x float> splat (float 0x3FF0000000000000))
  %v132 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v131, <16 x float> %v123, <16 x float> zeroinitializer, i16 -1, i32 4)
  store <16 x float> %v132, ptr %v133, align 32
  %v134 = getelementptr float, ptr %v111, i64 16
  %v135 = load <16 x float>, ptr %v134, align 4
  %v136 = load float, ptr %v113, align 4
  %v137 = insertelement <16 x float> poison, float %v136, i64 0
  %v138 = shufflevector <16 x float> %v137, <16 x float> poison, <16 x i32> zeroinitializer
  %v139 = fsub <16 x float> %v135, %v138
  %v140 = fcmp ogt <16 x float> splat (float 0xC05A000000000000), %v139
  %v141 = select <16 x i1> %v140, <16 x float> splat (float 0xC05A000000000000), <16 x float> %v139
  %v142 = fcmp olt <16 x float> splat (float 0x4056400000000000), %v141
  %v143 = select <16 x i1> %v142, <16 x float> splat (float 0x4056400000000000), <16 x float> %v141
  %v144 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v143, <16 x float> splat (float 0x3FF7154760000000), <16 x float> splat (float 0x4168000000000000))
  %v145 = fsub <16 x float> %v144, splat (float 0x4168000000000000)
  %v146 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v145, <16 x float> splat (float 0xBFE62E4000000000), <16 x float> %v143)
  %v147 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v145, <16 x float> splat (float 0xBEB7F7D1C0000000), <16 x float> %v146)
  %v148 = call <16 x float> @llvm.fma.v16f32(<16 x float> splat (float 0x3F56DB48A0000000), <16 x float> %v147, <16 x float> splat (float 0x3F8123B920000000))
  %v149 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v148, <16 x float> %v147, <16 x float> splat (float 0x3FA55545E0000000))
  %v150 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v149, <16 x float> %v147, <16 x float> splat (float 0x3FC55548E0000000))
  %v151 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v150, <16 x float> %v147, <16 x float> splat (float 0x3FE0000000000000))
  %v152 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v151, <16 x float> %v147, <16 x float> splat (float 0x3FF0000000000000))
  %v153 = call <16 x float> @llvm.fma.v16f32(<16 x float> %v152, <16 x float> %v147, <16 x float> splat (float 0x3FF0000000000000))
  %v154 = call <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float> %v153, <16 x float> %v145, <16 x float> zeroinitializer, i16 -1, i32 4)
  %v155 = getelementptr float, ptr %v133, i64 16
  store <16 x float> %v154, ptr %v155, align 32
  %v156 = getelementptr float, ptr %v111, i64 32
  %v157 = load <8 x float>, ptr %v156, align 4
  %v158 = load float, ptr %v113, align 4
  %v159 = insertelement <8 x float> poison, float %v158, i64 0
  %v160 = shufflevector <8 x float> %v159, <8 x float> poison, <8 x i32> zeroinitializer
  %v161 = fsub <8 x float> %v157, %v160
  %v162 = fcmp ogt <8 x float> splat (float 0xC05A000000000000), %v161
  %v163 = select <8 x i1> %v162, <8 x float> splat (float 0xC05A000000000000), <8 x float> %v161
  %v164 = fcmp olt <8 x float> splat (float 0x4056400000000000), %v163
  %v165 = select <8 x i1> %v164, <8 x float> splat (float 0x4056400000000000), <8 x float> %v163
  %v166 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v165, <8 x float> splat (float 0x3FF7154760000000), <8 x float> splat (float 0x4168000000000000))
  %v167 = fsub <8 x float> %v166, splat (float 0x4168000000000000)
  %v168 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v167, <8 x float> splat (float 0xBFE62E4000000000), <8 x float> %v165)
  %v169 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v167, <8 x float> splat (float 0xBEB7F7D1C0000000), <8 x float> %v168)
  %v170 = call <8 x float> @llvm.fma.v8f32(<8 x float> splat (float 0x3F56DB48A0000000), <8 x float> %v169, <8 x float> splat (float 0x3F8123B920000000))
  %v171 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v170, <8 x float> %v169, <8 x float> splat (float 0x3FA55545E0000000))
  %v172 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v171, <8 x float> %v169, <8 x float> splat (float 0x3FC55548E0000000))
  %v173 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v172, <8 x float> %v169, <8 x float> splat (float 0x3FE0000000000000))
  %v174 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v173, <8 x float> %v169, <8 x float> splat (float 0x3FF0000000000000))
  %v175 = call <8 x float> @llvm.fma.v8f32(<8 x float> %v174, <8 x float> %v169, <8 x float> splat (float 0x3FF0000000000000))
  %v176 = call <8 x float> @llvm.x86.avx512.mask.scalef.ps.256(<8 x float> %v175, <8 x float> %v167, <8 x float> zeroinitializer, i8 -1)
  %v177 = getelementptr float, ptr %v133, i64 32
  store <8 x float> %v176, ptr %v177, align 32
  %v178 = add nsw i64 %i4.109, 1
  %v179 = icmp slt i64 %v178, 4
  br i1 %v179, label %loop107, label %end108
end108:
  store <4 x float> splat (float 0x0000000000000000), ptr %v3, align 64
  br label %loop181
loop181:
  %i7.183 = phi i64 [ 0, %end108 ], [ %v241, %loop181 ]
  %v184 = getelementptr float, ptr %v3, i64 %i7.183
  %v186 = mul nsw i64 %i7.183, 40
  %v187 = getelementptr float, ptr %v2, i64 %v186
  %v185 = load float, ptr %v184, align 4
  %v188 = load <16 x float>, ptr %v187, align 32
  %v189 = shufflevector <16 x float> %v188, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v190 = shufflevector <16 x float> %v188, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v191 = fadd <8 x float> %v189, %v190
  %v192 = shufflevector <8 x float> %v191, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v193 = shufflevector <8 x float> %v191, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v194 = fadd <4 x float> %v192, %v193
  %v195 = shufflevector <4 x float> %v194, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v196 = shufflevector <4 x float> %v194, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v197 = fadd <2 x float> %v195, %v196
  %v198 = extractelement <2 x float> %v197, i64 0
  %v199 = extractelement <2 x float> %v197, i64 1
  %v200 = fadd float %v198, %v199
  %v201 = fadd float %v185, %v200
  %v202 = getelementptr float, ptr %v187, i64 16
  %v203 = load <16 x float>, ptr %v202, align 32
  %v204 = shufflevector <16 x float> %v203, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v205 = shufflevector <16 x float> %v203, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v206 = fadd <8 x float> %v204, %v205
  %v207 = shufflevector <8 x float> %v206, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v208 = shufflevector <8 x float> %v206, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v209 = fadd <4 x float> %v207, %v208
  %v210 = shufflevector <4 x float> %v209, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v211 = shufflevector <4 x float> %v209, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v212 = fadd <2 x float> %v210, %v211
  %v213 = extractelement <2 x float> %v212, i64 0
  %v214 = extractelement <2 x float> %v212, i64 1
  %v215 = fadd float %v213, %v214
  %v216 = fadd float %v201, %v215
  %v217 = trunc i64 0 to i32
  %v218 = insertelement <16 x i32> poison, i32 %v217, i64 0
  %v219 = shufflevector <16 x i32> %v218, <16 x i32> poison, <16 x i32> zeroinitializer
  %v220 = add <16 x i32> %v219, <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7, i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v221 = trunc i64 8 to i32
  %v222 = insertelement <16 x i32> poison, i32 %v221, i64 0
  %v223 = shufflevector <16 x i32> %v222, <16 x i32> poison, <16 x i32> zeroinitializer
  %v224 = icmp slt <16 x i32> %v220, %v223
  %v225 = getelementptr float, ptr %v187, i64 32
  %v226 = call <16 x float> @llvm.masked.load.v16f32.p0(ptr align 32 %v225, <16 x i1> <i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 true, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false, i1 false>, <16 x float> zeroinitializer)
  %v227 = select <16 x i1> %v224, <16 x float> %v226, <16 x float> splat (float 0x8000000000000000)
  %v228 = shufflevector <16 x float> %v227, <16 x float> poison, <8 x i32> <i32 0, i32 1, i32 2, i32 3, i32 4, i32 5, i32 6, i32 7>
  %v229 = shufflevector <16 x float> %v227, <16 x float> poison, <8 x i32> <i32 8, i32 9, i32 10, i32 11, i32 12, i32 13, i32 14, i32 15>
  %v230 = fadd <8 x float> %v228, %v229
  %v231 = shufflevector <8 x float> %v230, <8 x float> poison, <4 x i32> <i32 0, i32 1, i32 2, i32 3>
  %v232 = shufflevector <8 x float> %v230, <8 x float> poison, <4 x i32> <i32 4, i32 5, i32 6, i32 7>
  %v233 = fadd <4 x float> %v231, %v232
  %v234 = shufflevector <4 x float> %v233, <4 x float> poison, <2 x i32> <i32 0, i32 1>
  %v235 = shufflevector <4 x float> %v233, <4 x float> poison, <2 x i32> <i32 2, i32 3>
  %v236 = fadd <2 x float> %v234, %v235
  %v237 = extractelement <2 x float> %v236, i64 0
  %v238 = extractelement <2 x float> %v236, i64 1
  %v239 = fadd float %v237, %v238
  %v240 = fadd float %v216, %v239
  store float %v240, ptr %v184, align 4
  %v241 = add nsw i64 %i7.183, 1
  %v242 = icmp slt i64 %v241, 4
  br i1 %v242, label %loop181, label %end182
end182:
  br label %loop244
loop244:
  %i10.246 = phi i64 [ 0, %end182 ], [ %v270, %loop244 ]
  %v247 = mul nsw i64 %i10.246, 40
  %v248 = getelementptr float, ptr %v2, i64 %v247
  %v250 = getelementptr float, ptr %v3, i64 %i10.246
  %v255 = getelementptr float, ptr %a1, i64 %v247
  %v249 = load <16 x float>, ptr %v248, align 32
  %v251 = load float, ptr %v250, align 4
  %v252 = insertelement <16 x float> poison, float %v251, i64 0
  %v253 = shufflevector <16 x float> %v252, <16 x float> poison, <16 x i32> zeroinitializer
  %v254 = fdiv <16 x float> %v249, %v253
  store <16 x float> %v254, ptr %v255, align 4
  %v256 = getelementptr float, ptr %v248, i64 16
  %v257 = load <16 x float>, ptr %v256, align 32
  %v258 = load float, ptr %v250, align 4
  %v259 = insertelement <16 x float> poison, float %v258, i64 0
  %v260 = shufflevector <16 x float> %v259, <16 x float> poison, <16 x i32> zeroinitializer
  %v261 = fdiv <16 x float> %v257, %v260
  %v262 = getelementptr float, ptr %v255, i64 16
  store <16 x float> %v261, ptr %v262, align 4
  %v263 = getelementptr float, ptr %v248, i64 32
  %v264 = load <8 x float>, ptr %v263, align 32
  %v265 = load float, ptr %v250, align 4
  %v266 = insertelement <8 x float> poison, float %v265, i64 0
  %v267 = shufflevector <8 x float> %v266, <8 x float> poison, <8 x i32> zeroinitializer
  %v268 = fdiv <8 x float> %v264, %v267
  %v269 = getelementptr float, ptr %v255, i64 32
  store <8 x float> %v268, ptr %v269, align 4
  %v270 = add nsw i64 %i10.246, 1
  %v271 = icmp slt i64 %v270, 4
  br i1 %v271, label %loop244, label %end245
end245:
  ret i32 0
}

define i32 @softmax(ptr %buffers, ptr %ints, ptr %workspace, i32 %threads) #0 {
entry:
  %v1 = getelementptr ptr, ptr %buffers, i64 0
  %v2 = load ptr, ptr %v1, align 8
  %v3 = getelementptr ptr, ptr %buffers, i64 1
  %v4 = load ptr, ptr %v3, align 8
  %v5 = call i32 @softmax.body(ptr %v2, ptr %v4, ptr %workspace, i32 %threads)
  ret i32 %v5
}

declare <8 x float> @llvm.x86.avx.max.ps.256(<8 x float>, <8 x float>)
declare <4 x float> @llvm.x86.sse.max.ps(<4 x float>, <4 x float>)
declare <16 x float> @llvm.masked.load.v16f32.p0(ptr, <16 x i1>, <16 x float>)
declare <16 x float> @llvm.fma.v16f32(<16 x float>, <16 x float>, <16 x float>)
declare <16 x float> @llvm.x86.avx512.mask.scalef.ps.512(<16 x float>, <16 x float>, <16 x float>, i16, i32)
declare <8 x float> @llvm.fma.v8f32(<8 x float>, <8 x float>, <8 x float>)
declare <8 x float> @llvm.x86.avx512.mask.scalef.ps.256(<8 x float>, <8 x float>, <8 x float>, i8)

attributes #0 = { nounwind mustprogress "prefer-vector-width"="512" "min-legal-vector-width"="512" }

